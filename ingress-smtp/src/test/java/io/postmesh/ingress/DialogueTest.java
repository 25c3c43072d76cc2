package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Replies;
import io.postmesh.lab.dialogue.Dialogue;
import io.postmesh.lab.dialogue.DialogueRunner;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every conversation of `src/test/dialogues`: a folder is a door set up in one way, a file is a conversation with it.
class DialogueTest {
    private static final Path FOLDER = Path.of("src/test/dialogues");

    private static final Map<String, Map<String, String>> DOORS = Map.of(
            "open", Map.of(),
            "stranger", Map.of("POSTFIX_mynetworks", "192.0.2.0/24"),
            "limited", Map.of("POSTMESH_CLIENT_RATE", "1/h+1"));

    /// Said because of the state of the mesh or of time, not of what the client says.
    private static final Set<String> TESTED_ELSEWHERE = Set.of(
            "TOO_SLOW", // DoorTest
            "TOO_MUCH_JUNK", // HostileClientTest
            "STOPPING", // DoorTest
            "TOO_MANY_CONNECTIONS", // DoorTest
            "NO_MEMORY", // DoorTest
            "NO_SPACE", // FullDiskTest
            "OVERLOADED", // DoorTest
            "STORE_AWAY", // KafkaAwayTest
            "FAULT"); // our own defects: none is known

    private static final Map<String, Doorway> OPEN = new HashMap<>();

    static Stream<Arguments> dialogues() {
        return DOORS.keySet().stream()
                .sorted()
                .flatMap(door ->
                        Dialogue.allIn(FOLDER.resolve(door)).stream().map(dialogue -> Arguments.of(door, dialogue)));
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void theDoorKeepsToIts(String door, Dialogue dialogue) throws Exception {
        if (!OPEN.containsKey(door)) OPEN.put(door, Doorway.open(DOORS.getOrDefault(door, Map.of())));
        new DialogueRunner(Objects.requireNonNull(OPEN.get(door)).address()).play(dialogue);
    }

    @AfterAll
    static void close() {
        OPEN.values().forEach(Doorway::close);
        OPEN.clear();
    }

    @Test
    void everyReplyOfTheDoorIsInADialogue() throws Exception {
        var all = allDialogues();
        var missing = new TreeSet<String>();
        for (var field : Replies.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) || field.getType() != Answer.class) continue;
            field.setAccessible(true);
            var answer = (Answer) field.get(null);
            if (!all.contains("S: " + answer.reply().text()) && !TESTED_ELSEWHERE.contains(field.getName()))
                missing.add(field.getName() + ": " + answer.reply().text());
        }
        assertThat(missing).isEmpty();
    }

    private static String allDialogues() throws IOException {
        var texts = new ArrayList<String>();
        try (var files = Files.walk(FOLDER)) {
            for (var file : files.filter(f -> f.toString().endsWith(".smtp")).toList())
                texts.add(Files.readString(file));
        }
        return String.join("\n", List.copyOf(texts));
    }
}
