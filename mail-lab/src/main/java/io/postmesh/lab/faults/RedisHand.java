package io.postmesh.lab.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// A hand on a Redis: its protocol (RESP2), nothing more.
public final class RedisHand implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    private RedisHand(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// @param url `redis://127.0.0.1:6379`
    public static RedisHand on(String url) throws IOException {
        var at = URI.create(url);
        var socket = new Socket(at.getHost(), at.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new RedisHand(socket);
    }

    /// One command, and its answer flat: a simple answer is a list of one.
    ///
    /// @throws IOException when Redis says no
    public List<String> say(String... words) throws IOException {
        send(List.of(words));
        return hear();
    }

    /// Commands in one go, their answers not looked at but for errors.
    public void pour(List<List<String>> commands) throws IOException {
        var all = new ByteArrayOutputStream();
        for (var words : commands) encode(words, all);
        socket.getOutputStream().write(all.toByteArray());
        for (var _ : commands) hear();
    }

    private void send(List<String> words) throws IOException {
        var command = new ByteArrayOutputStream();
        encode(words, command);
        socket.getOutputStream().write(command.toByteArray());
    }

    private static void encode(List<String> words, ByteArrayOutputStream to) {
        to.writeBytes(("*" + words.size() + "\r\n").getBytes(US_ASCII));
        for (var word : words) {
            var octets = word.getBytes(UTF_8);
            to.writeBytes(("$" + octets.length + "\r\n").getBytes(US_ASCII));
            to.writeBytes(octets);
            to.writeBytes("\r\n".getBytes(US_ASCII));
        }
    }

    private List<String> hear() throws IOException {
        var answer = new ArrayList<String>();
        hear(answer);
        return answer;
    }

    private void hear(List<String> answer) throws IOException {
        var line = line();
        var rest = line.substring(1);
        switch (line.charAt(0)) {
            case '-' -> throw new IOException("Redis says " + rest);
            case '$' -> answer.add(bulk(Integer.parseInt(rest)));
            case '*' -> {
                for (int left = Integer.parseInt(rest); left > 0; left--) hear(answer);
            }
            default -> answer.add(rest);
        }
    }

    private String bulk(int length) throws IOException {
        if (length < 0) return "";
        var octets = in.readNBytes(length);
        line();
        return new String(octets, UTF_8);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        int octet = in.read();
        for (; octet >= 0 && octet != '\n'; octet = in.read()) if (octet != '\r') line.append((char) octet);
        if (octet < 0) throw new EOFException("Redis closed");
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
