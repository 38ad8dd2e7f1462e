package downstream.eval.encoder.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.encoder.build.WeightInit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

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

  /** As PyTorch's interpolate(mode="bicubic", align_corners=False) has it. */
  @Test
  void shrinks_as_the_field_does() {
    float[] expected = {
      -0.156295f, 0.286449f, 0.100803f, 0.278477f, 0.306446f, -0.090419f, 0.161682f, -0.283962f
    };
    assertThat(BicubicTable.resize(table(), 3, 2, 2)).containsExactly(expected, ROUNDING);
  }

  /** The first and the last cell and the one in the middle, from the same source. */
  @Test
  void grows_as_the_field_does() {
    float[] grown = BicubicTable.resize(table(), 3, 5, 2);

    assertThat(grown).hasSize(50);
    assertThat(grown[0]).isCloseTo(0.108443f, ROUNDING);
    assertThat(grown[1]).isCloseTo(1.357309f, ROUNDING);
    assertThat(grown[24]).isCloseTo(0.859162f, ROUNDING);
    assertThat(grown[25]).isCloseTo(0.39674f, ROUNDING);
    assertThat(grown[48]).isCloseTo(1.267518f, ROUNDING);
    assertThat(grown[49]).isCloseTo(-0.721924f, ROUNDING);
  }

  @Test
  void the_same_size_changes_nothing_and_a_constant_stays_one() {
    assertThat(BicubicTable.resize(table(), 3, 3, 2)).containsExactly(table());
    assertThat(BicubicTable.resize(WeightInit.constant(3, 16), 4, 7, 1))
        .containsExactly(WeightInit.constant(3, 49), ROUNDING);
  }
}
