package io.postmesh.ingress.space;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/// How much of a disk is left alone by new mail. What was accepted before still has to be cleared, signed and recorded
/// there.
///
/// @param most octets; of a small disk a tenth is enough. 0: there is no floor
public record Floor(long most) {
    private static final int PART = 10;

    /// Mail is taken again only with so much more room than the floor, or the door would open and close with every
    /// record that is trimmed.
    private static final int SLACK = 5;

    long of(Disk disk) {
        return Math.min(most, disk.total() / PART);
    }

    /// From there on mail is taken again.
    long reopening(Disk disk) {
        return of(disk) + of(disk) / SLACK;
    }

    /// Octets until mail is refused; negative below the floor.
    long above(Disk disk) {
        return disk.usable() - of(disk);
    }

    /// The disks that mail cannot be taken for.
    ///
    /// @param before names of those it could not be taken for until now
    Set<Disk> shortOf(Collection<Disk> disks, Set<String> before) {
        return disks.stream()
                .filter(disk -> disk.usable() < (before.contains(disk.name()) ? reopening(disk) : of(disk)))
                .collect(Collectors.toSet());
    }
}
