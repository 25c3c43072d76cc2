@NullMarked
package io.postmesh.mail;

import org.jspecify.annotations.NullMarked;
