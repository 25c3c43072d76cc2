package io.postmesh.ingress.space;

/// What somebody said about a disk.
///
/// @param name  as an operator knows it: `broker 1 /var/lib/kafka`
/// @param total octets it has
/// @param usable octets that may still be written
public record Disk(String name, Use use, long total, long usable) {

    /// What mail does there.
    public enum Use {
        KAFKA,
        BLOBS
    }

    @Override
    public String toString() {
        return name + " has " + mebibytes(usable) + " free of " + mebibytes(total);
    }

    static String mebibytes(long octets) {
        return (octets >> 20) + " MiB";
    }
}
