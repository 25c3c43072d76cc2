/// Load as transactional senders make it.
///
/// Way in: [LoadGen#run] with a [LoadPlan]; as a program [LoadGen#main]. Every mail is different, looks like an order
/// confirmation (text and HTML, quoted-printable), compresses like one, and goes to one of many domains.
/// Absent on purpose: TLS and AUTH; guessing whether a mail whose reply never came was taken ([LoadReport] counts it).
/// Nothing is sent to an address that is not loopback unless the caller says so twice.
/// Standards: RFC 5321 (client side), RFC 2920 (PIPELINING), RFC 2045 (multipart, quoted-printable).
@NullMarked
package io.postmesh.lab.load;

import org.jspecify.annotations.NullMarked;
