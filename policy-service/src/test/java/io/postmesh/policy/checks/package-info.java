@NullMarked
package io.postmesh.policy.checks;

import org.jspecify.annotations.NullMarked;
