package downstream.eval.encoder.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * ONNX's own test vectors of the operators that can be trained. The table in
 * docs/reference/encoders.md comes from here: {@code mvn -pl eval test -Dtest=NodeVectorTest
 * -Ddownstream.regenerate=true} writes it.
 */
class NodeVectorTest {
  /** What has no vector with float inputs: newer than ONNX 1.12, or of other types. */
  private static final Set<String> WITHOUT =
      Set.of(
          "And",
          "Equal",
          "Gelu",
          "GroupNormalization",
          "LpNormalization",
          "Mish",
          "Not",
          "Or",
          "Trilu");

  private static final Path DOCUMENT = Path.of("..", "docs", "reference", "encoders.md");
  private static final List<OperatorTable.Outcome> OUTCOMES = new ArrayList<>();

  @BeforeAll
  static void run() throws IOException {
    Path shared = Path.of(System.getProperty("downstream.shared", "none"), "vectors/onnx-nodes");
    assumeTrue(Files.isDirectory(shared), "ONNX's vectors are not in " + shared);
    Set<String> names = Operators.names();
    List<NodeVector> vectors = NodeVector.read(shared.resolve("onnx-node-v1.12.0.tar.gz"));
    for (NodeVector vector : vectors) {
      if (names.contains(vector.operator())) {
        OUTCOMES.add(outcome(vector));
      }
    }
  }

  private static OperatorTable.Outcome outcome(NodeVector vector) throws IOException {
    String skipped = vector.reasonToSkip();
    String wrong = skipped.isEmpty() ? vector.difference() : "";
    return new OperatorTable.Outcome(vector.operator(), vector.name(), skipped, wrong);
  }

  @Test
  void every_vector_with_float_inputs_passes() {
    assertThat(OUTCOMES.stream().filter(outcome -> !outcome.wrong().isEmpty())).isEmpty();
    assertThat(OUTCOMES.stream().filter(OperatorTable.Outcome::passed)).hasSizeGreaterThan(300);
  }

  @Test
  void nearly_every_operator_has_a_vector() {
    Set<String> missing = new TreeSet<>(Operators.names());
    Set<String> seen = new HashSet<>();
    OUTCOMES.stream()
        .filter(OperatorTable.Outcome::passed)
        .forEach(outcome -> seen.add(outcome.operator()));
    missing.removeAll(seen);
    assertThat(missing).containsExactlyInAnyOrderElementsOf(WITHOUT);
  }

  @Test
  void the_table_in_the_documentation_is_current() throws IOException {
    String document = Files.readString(DOCUMENT);
    String current = OperatorTable.insert(document, OUTCOMES);
    if (Boolean.getBoolean("downstream.regenerate")) {
      Files.writeString(DOCUMENT, current);
    } else {
      assertThat(document).isEqualTo(current);
    }
  }
}
