package io.postmesh.lab.faults;

import java.time.Duration;
import java.util.List;

/// The numbers of one run.
///
/// @param lost        `message-id recipient` of those who were promised and are neither delivered nor reported
/// @param copies      deliveries to a recipient beyond the first
/// @param doubled     recipients of these
/// @param unexplained of these, the ones whose earlier copy was not in flight at any fault
/// @param inFlight    recipients of deliveries the sink was taking at the faults, or had just answered
/// @param changed     deliveries whose octets are not those that were sent
/// @param unsigned    deliveries without a valid signature
/// @param strangers   delivered to somebody who is not in the envelope, or a message nobody sent
/// @param phantoms    messages that came although their 250 was never read
/// @param ghosts      of these, the ones that cannot be: they were refused for good, or their dot never went
///                    out
/// @param slowest     the longest time from the moment a message was due to its 250
/// @param acceptGap   the longest time in which no 250 came
/// @param takeOver    the longest time that mail which was on its way at a fault then took to reach its
///                    recipient
/// @param later       replies 4xx
/// @param never       replies 5xx
/// @param broken      connections that broke, or could not be made
public record Verdict(
        int messages,
        int recipients,
        int faults,
        List<String> lost,
        int copies,
        int doubled,
        List<String> unexplained,
        int inFlight,
        int changed,
        int unsigned,
        List<String> strangers,
        int phantoms,
        List<String> ghosts,
        Duration slowest,
        Duration acceptGap,
        Duration takeOver,
        int later,
        int never,
        int broken) {
    public Verdict {
        lost = List.copyOf(lost);
        unexplained = List.copyOf(unexplained);
        strangers = List.copyOf(strangers);
        ghosts = List.copyOf(ghosts);
    }
}
