package io.postmesh.delivery.smtp;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// The addresses of this machine, looked up again each minute: interfaces come and go.
final class OwnAddresses {
    private static final long KEPT = Duration.ofMinutes(1).toNanos();

    private record Known(Set<InetAddress> addresses, long at) {}

    private volatile Known known = look();

    Set<InetAddress> get() {
        if (System.nanoTime() - known.at() > KEPT) known = look();
        return known.addresses();
    }

    private static Known look() {
        try {
            var all = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
            return new Known(all, System.nanoTime());
        } catch (SocketException e) {
            return new Known(Set.of(), System.nanoTime()); // no interfaces, no way out either
        }
    }
}
