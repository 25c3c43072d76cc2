package io.postmesh.lab.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Locale;

/// Received mail as files a mail program opens.
///
/// A file is the message as received below the two fields a final server adds: `Return-Path:` (RFC 5321 §4.4) and
/// `Delivered-To:`, one per recipient. It appears under its name only when whole.
final class EmlFolder {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_RECIPIENT = 60; // file systems stop at 255 octets a name

    private final Path folder;
    private final int keeps;
    private final ArrayDeque<Path> files = new ArrayDeque<>();

    private EmlFolder(Path folder, int keeps) {
        this.folder = folder;
        this.keeps = keeps;
    }

    static EmlFolder open(Path folder, int keeps) throws IOException {
        Files.createDirectories(folder);
        var opened = new EmlFolder(folder, keeps);
        try (var old = Files.list(folder)) {
            old.filter(f -> f.toString().endsWith(".eml")).sorted().forEach(opened.files::add);
        }
        return opened;
    }

    Path write(Received mail) throws IOException {
        var name = TIME.format(mail.at()) + "-" + String.format(Locale.ROOT, "%06d", mail.number()) + "-"
                + fileName(mail.recipients().getFirst());
        var file = folder.resolve(name + ".eml");
        var part = folder.resolve("." + name + ".part");
        try (var out = Files.newOutputStream(part)) {
            out.write(deliveryFields(mail).getBytes(UTF_8));
            out.write(mail.message());
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        forgetOldest(file);
        return file;
    }

    private synchronized void forgetOldest(Path newest) throws IOException {
        files.addLast(newest);
        while (files.size() > keeps) Files.deleteIfExists(files.removeFirst());
    }

    private static String deliveryFields(Received mail) {
        var out = new StringBuilder("Return-Path: <" + mail.sender() + ">\r\n");
        for (var recipient : mail.recipients())
            out.append("Delivered-To: ").append(recipient).append("\r\n");
        return out.toString();
    }

    // Strangers choose recipients: nothing of them but letters, digits and a few marks reaches a file name.
    private static String fileName(String recipient) {
        var safe = recipient.replaceAll("[^A-Za-z0-9@+=_-]+", "_");
        return safe.length() > MAX_RECIPIENT ? safe.substring(0, MAX_RECIPIENT) : safe;
    }
}
