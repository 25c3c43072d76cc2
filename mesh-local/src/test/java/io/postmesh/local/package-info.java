@NullMarked
package io.postmesh.local;

import org.jspecify.annotations.NullMarked;
