package io.postmesh.lab.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// What a row must hold.
///
/// @param kind   what it is about
/// @param missed says what is wrong, or nothing when it holds
public record Bar(String name, Kind kind, Function<Verdict, Optional<String>> missed) {
    /// What a bar is about.
    public enum Kind {
        /// Who was lost, doubled, changed: true on every machine.
        COUNT,
        /// How long something took: a busy machine misses it without a fault of the mesh.
        TIME
    }

    /// Nobody lost, changed, unsigned or mixed up, and no copy that no fault explains: true of every row.
    public static final List<Bar> ALWAYS = List.of(
            none("LOST", Verdict::lost),
            none("unexplained copies", Verdict::unexplained),
            none("CROSS", Verdict::strangers),
            none("impossible PHANT", Verdict::ghosts),
            that("MUT 0", verdict -> verdict.changed() == 0),
            that("SIG 0", verdict -> verdict.unsigned() == 0),
            that("mail was accepted", verdict -> verdict.messages() > 0));

    public static Bar noCopies() {
        return that("DUP 0", verdict -> verdict.copies() == 0);
    }

    public static Bar neverRefused() {
        return that("no 5xx", verdict -> verdict.never() == 0);
    }

    /// @param atMost without a 250
    public static Bar acceptGap(Duration atMost) {
        return inTime(
                "accept gap at most " + atMost.toSeconds() + " s",
                verdict -> verdict.acceptGap().compareTo(atMost) <= 0);
    }

    /// @param atMost from the moment a message was due to its 250, however often it had to be offered
    public static Bar slowest250(Duration atMost) {
        return inTime(
                "each 250 within " + atMost.toSeconds() + " s",
                verdict -> verdict.slowest().compareTo(atMost) <= 0);
    }

    /// @param atMost from a fault until mail that was on its way has reached its recipient
    public static Bar takeOver(Duration atMost) {
        return inTime(
                "taken over within " + atMost.toSeconds() + " s",
                verdict -> verdict.takeOver().compareTo(atMost) <= 0);
    }

    public static Bar that(String name, Predicate<Verdict> holds) {
        return new Bar(name, Kind.COUNT, verdict -> holds.test(verdict) ? Optional.empty() : Optional.of(name));
    }

    private static Bar inTime(String name, Predicate<Verdict> holds) {
        return new Bar(name, Kind.TIME, verdict -> holds.test(verdict) ? Optional.empty() : Optional.of(name));
    }

    private static Bar none(String name, Function<Verdict, List<String>> which) {
        return new Bar(name + " 0", Kind.COUNT, verdict -> {
            var some = which.apply(verdict);
            return some.isEmpty()
                    ? Optional.empty()
                    : Optional.of(name + " " + some.size() + ", first " + some.getFirst());
        });
    }
}
