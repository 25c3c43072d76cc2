/// The code every octet goes through, measured alone by JMH: `./postmesh bench jmh`.
///
/// Read beside the relay's numbers, not instead of them: what is fast alone may wait for memory in company.
@NullMarked
package io.postmesh.bench.micro;

import org.jspecify.annotations.NullMarked;
