package downstream.pretrain.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.train.Gradients;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TermGradientsTest {
  @Test
  void norms_and_cosines_are_those_of_the_gradients_and_nothing_is_left_behind() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Toy toy = new Toy(manager);
      List<Weight> watched = toy.weights().subList(0, 2);
      Map<String, Double> observed =
          Gradients.without(() -> TermGradients.observe(toy, watched, toy::terms, manager));
      // at (1, 2 | 3): a·a gives (2, 4, 0), 3·b gives (0, 0, 3), a0 − 2·b gives (1, 0, −2)
      assertThat(observed.get("gradient.square")).isCloseTo(Math.sqrt(20), within(1e-5));
      assertThat(observed.get("gradient.other")).isCloseTo(3, within(1e-5));
      assertThat(observed.get("gradient.both")).isCloseTo(Math.sqrt(5), within(1e-5));
      assertThat(observed.get("cosine.square.other")).isZero();
      assertThat(observed.get("cosine.square.both")).isCloseTo(2 / 10.0, within(1e-5));
      assertThat(observed.get("cosine.other.both")).isCloseTo(-2 / Math.sqrt(5), within(1e-5));
      assertThat(toy.count.toFloatArray()).containsExactly(0); // counted by each forward pass
      for (Weight weight : toy.weights()) {
        try (NDArray gradient = JniUtils.getGradient((PtNDArray) weight.array())) {
          assertThat(gradient.toFloatArray()).containsOnly(0);
        }
      }
    }
  }

  @Test
  void a_term_that_does_not_reach_the_watched_weights_has_no_length_and_no_direction() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Toy toy = new Toy(manager);
      List<Weight> watched = toy.weights().subList(0, 1);
      Map<String, Double> observed =
          Gradients.without(() -> TermGradients.observe(toy, watched, toy::terms, manager));
      assertThat(observed.get("gradient.other")).isZero();
      assertThat(observed.get("cosine.square.other")).isZero();
      assertThat(observed.get("cosine.square.both")).isCloseTo(2 / Math.sqrt(20), within(1e-5));
    }
  }

  /** Weights a = (1, 2), b = 3 and c = 4, of which b and c are not in every term. */
  private static final class Toy implements Objective<String> {
    private final NDArray a;
    private final NDArray b;
    private final NDArray c;
    private final NDArray count;

    Toy(NDManager manager) {
      a = manager.create(new float[] {1, 2});
      b = manager.create(new float[] {3});
      c = manager.create(new float[] {4});
      count = manager.create(new float[] {0});
      List.of(a, b, c).forEach(array -> array.setRequiresGradient(true));
    }

    @Override
    public String name() {
      return "toy";
    }

    @Override
    public List<Weight> weights() {
      return List.of(
          new Weight("a", a, true, 1, true),
          new Weight("b", b, true, 1, true),
          new Weight("c", c, true, 1, true));
    }

    @Override
    public Map<String, NDArray> state() {
      return Map.of("count", count);
    }

    Map<String, NDArray> terms() {
      Gradients.doWithout(() -> count.addi(1));
      Map<String, NDArray> terms = new LinkedHashMap<>();
      terms.put("square", a.mul(a).sum().add(c.sum()));
      terms.put("other", b.mul(3).sum());
      terms.put("both", a.get("0:1").sub(b.mul(2)).sum());
      return terms;
    }

    @Override
    public Losses losses(List<String> batch, Step step) {
      throw new UnsupportedOperationException();
    }
  }
}
