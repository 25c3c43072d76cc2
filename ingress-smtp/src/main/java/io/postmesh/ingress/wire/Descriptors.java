package io.postmesh.ingress.wire;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// File descriptors: each connection takes one, and so does each file of a broker in this process, which gives up when
/// there is none left.
public final class Descriptors {
    private static final Logger log = LoggerFactory.getLogger(Descriptors.class);

    private static final int OTHERS = 256; // jars, logs, Kafka's segments, blobs

    private Descriptors() {}

    /// As many connections as were asked for, or as half of what the system lets this process have.
    public static int clamp(int connections) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix))
            return connections;
        long most = room(unix.getMaxFileDescriptorCount());
        if (most >= connections) return connections;
        log.warn(
                "POSTMESH_MAX_CONNECTIONS is {} here, not {}: this process may have {} open files; raise ulimit -n",
                most,
                connections,
                unix.getMaxFileDescriptorCount());
        return (int) most;
    }

    static long room(long descriptors) {
        return Math.max(16, (descriptors - OTHERS) / 2);
    }
}
