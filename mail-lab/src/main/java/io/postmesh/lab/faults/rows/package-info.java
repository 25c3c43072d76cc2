/// The faults themselves, a small record each.
///
/// Way in: [Rows#all]. A new row is one file here, or one line in [Rows] where a record takes what differs.
/// Absent on purpose: counting. A row does something and measures what only it can;
/// [io.postmesh.lab.faults.Judge] counts.
@NullMarked
package io.postmesh.lab.faults.rows;

import org.jspecify.annotations.NullMarked;
