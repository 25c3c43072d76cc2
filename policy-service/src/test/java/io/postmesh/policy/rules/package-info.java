@NullMarked
package io.postmesh.policy.rules;

import org.jspecify.annotations.NullMarked;
