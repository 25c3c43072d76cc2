@NullMarked
package io.postmesh.policy;

import org.jspecify.annotations.NullMarked;
