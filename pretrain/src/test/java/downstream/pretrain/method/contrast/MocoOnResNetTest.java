package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.method.contrast.Moco.MocoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 1 on a ResNet, whose batch norm sees a batch in two groups. */
class MocoOnResNetTest {
  private static final MocoSettings TINY = MocoTest.settings(TestEncoders.RESNET, 1);

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private MocoModel model() {
    return new MocoModel(TINY, 1, manager);
  }

  @Test
  void no_norm_starts_at_zero() {
    List<Weight> norms =
        model().weights().stream().filter(weight -> weight.name().contains(".bn2.w")).toList();
    assertThat(norms)
        .hasSize(8)
        .allSatisfy(norm -> assertThat(norm.array().toFloatArray()).containsOnly(1));
  }

  @Test
  void two_replicas_that_share_the_groups_have_the_loss_of_one() throws IOException {
    JsonNode one = OneUpdate.log(TINY, List.of(model()), folder);
    JsonNode two = OneUpdate.log(TINY, List.of(model(), model()), folder);
    for (String name : List.of("total", "grad_norm")) {
      double value = one.path(name).asDouble();
      assertThat(two.path(name).asDouble()).as(name).isCloseTo(value, withinPercentage(.1));
    }
  }
}
