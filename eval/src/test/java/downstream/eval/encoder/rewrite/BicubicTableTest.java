package downstream.eval.encoder.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.encoder.build.WeightInit;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BicubicTableTest {
  private static final Offset<Float> ROUNDING = within(2e-6f);

  /** Three by three cells of width 2: sin(1.7 i). */
  private static float[] table() {
    float[] table = new float[18];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) Math.sin(1.7 * i);
    }
    return table;
  }

  /** As {@code tools/torchvision-vectors.py} recorded PyTorch's interpolate, without corners. */
  @ParameterizedTest
  @CsvSource({"2,two", "5,five"})
  void resizes_as_pytorch_does(int size, String name) throws IOException {
    try (InputStream file = getClass().getResourceAsStream("bicubic.json")) {
      JsonNode recorded = Json.MAPPER.readTree(Objects.requireNonNull(file)).required(name);
      float[] expected = Json.MAPPER.convertValue(recorded, float[].class);
      assertThat(expected).hasSize(2 * size * size);
      assertThat(BicubicTable.resize(table(), 3, size, 2)).containsExactly(expected, ROUNDING);
    }
  }

  @Test
  void the_same_size_changes_nothing_and_a_constant_stays_one() {
    assertThat(BicubicTable.resize(table(), 3, 3, 2)).containsExactly(table());
    assertThat(BicubicTable.resize(WeightInit.constant(3, 16), 4, 7, 1))
        .containsExactly(WeightInit.constant(3, 49), ROUNDING);
  }
}
