@NullMarked
package io.postmesh.policy.judge;

import org.jspecify.annotations.NullMarked;
