package downstream.segmentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.task.Protocols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every field of every bundled protocol, defaults included, against {@code protocols.yaml}: a
 * changed default shows in a review. {@code -Ddownstream.record=true} writes the file again.
 */
class ProtocolsRecordedTest {
  private static final Path RECORDED =
      Path.of("src/test/resources/downstream/segmentation/protocols.yaml");

  @Test
  void protocols_are_as_recorded() throws IOException {
    SegmentationTask task = new SegmentationTask();
    Map<String, JsonNode> protocols = new TreeMap<>();
    for (String name : task.protocols()) {
      // Without deviations, which are sentences.
      protocols.put(name, Protocols.load(task, name, List.of()).fields().without("deviations"));
    }
    byte[] now = Json.yaml(protocols);
    if (Boolean.getBoolean("downstream.record")) {
      Files.write(RECORDED, now);
    }
    assertThat(new String(now, UTF_8)).isEqualTo(Files.readString(RECORDED));
  }
}
