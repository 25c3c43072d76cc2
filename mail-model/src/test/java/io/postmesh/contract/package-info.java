@NullMarked
package io.postmesh.contract;

import org.jspecify.annotations.NullMarked;
