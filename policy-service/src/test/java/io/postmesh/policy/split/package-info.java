@NullMarked
package io.postmesh.policy.split;

import org.jspecify.annotations.NullMarked;
