@NullMarked
package io.postmesh.policy.quota;

import org.jspecify.annotations.NullMarked;
