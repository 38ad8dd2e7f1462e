package downstream.pretrain.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.build.InitialWeights;
import downstream.pretrain.TestEncoders;
import org.junit.jupiter.api.Test;

class EncoderSettingsTest {
  @Test
  void resnet_has_neither_blocks_nor_the_weights_of_a_transformer() {
    assertThatThrownBy(() -> TestEncoders.RESNET.withBlocks(BlockSettings.SIMMIM))
        .hasMessageContaining("blocks are settings of a vit");
    assertThatThrownBy(() -> changed(TestEncoders.RESNET, "initialWeights", "timm"))
        .hasMessageContaining("encoder.initialWeights");
    assertThatThrownBy(() -> changed(TestEncoders.VIT, "initialWeights", "fan-in"))
        .hasMessageContaining("encoder.initialWeights fan-in is one of ResNets, not of vit-micro");
    assertThatThrownBy(() -> new BlockSettings(-.1, false)).hasMessageContaining("layerScale");
  }

  private static EncoderSettings changed(EncoderSettings encoder, String key, String value) {
    return Json.as(
        "settings",
        Json.MAPPER.<ObjectNode>valueToTree(encoder).put(key, value),
        EncoderSettings.class);
  }

  @Test
  void initial_weights_of_a_method_give_way_to_chosen_ones_and_to_other_networks() {
    EncoderSettings chosen = TestEncoders.RESNET.orInitialWeights(InitialWeights.TORCHVISION);
    assertThat(chosen.orInitialWeights(InitialWeights.HAIKU).initialWeights())
        .contains(InitialWeights.TORCHVISION);
    assertThat(TestEncoders.VIT.orInitialWeights(InitialWeights.HAIKU)).isEqualTo(TestEncoders.VIT);
  }
}
