package lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** The lab's own events of a recording, by their beginning, a line of JSON each: times since the epoch in nanoseconds. */
final class Evidence {
    private Evidence() {}

    public static void main(String[] arguments) throws IOException {
        RecordingFile.readAllEvents(Path.of(arguments[0])).stream()
            .filter(event -> event.getEventType().getName().startsWith("lab."))
            .sorted((one, other) -> one.getStartTime().compareTo(other.getStartTime()))
            .forEach(event -> System.out.println(line(event)));
    }

    private static String line(RecordedEvent event) {
        List<String> own = List.of("startTime", "duration", "eventThread", "stackTrace");
        String fields = event.getFields().stream()
            .map(ValueDescriptor::getName)
            .filter(name -> !own.contains(name))
            .map(name -> ",\"%s\":%s".formatted(name, value(event.getValue(name))))
            .collect(Collectors.joining());
        return "{\"event\":\"%s\",\"start\":%d,\"duration\":%d%s}".formatted(
            event.getEventType().getName(), nanoseconds(event.getStartTime()), event.getDuration().toNanos(), fields);
    }

    private static String value(Object value) {
        return value instanceof Number ? value.toString() : "\"%s\"".formatted(value);
    }

    private static long nanoseconds(Instant moment) {
        return moment.getEpochSecond() * 1_000_000_000L + moment.getNano();
    }
}
