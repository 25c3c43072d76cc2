/// What all of the lab's commands share.
@NullMarked
package io.postmesh.lab;

import org.jspecify.annotations.NullMarked;
