/// Disks that are really full.
///
/// Way in: [SmallDisk#mount]. Absent on purpose: power cuts, which need an image that can be copied.
/// Known gaps: Linux, and root.
@NullMarked
package io.postmesh.lab.disk;

import org.jspecify.annotations.NullMarked;
