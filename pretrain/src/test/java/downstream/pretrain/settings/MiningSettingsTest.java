package downstream.pretrain.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MiningSettingsTest {
  @Test
  void defaults_are_those_of_iocas_table() {
    assertThat(Json.canonical(MiningSettings.DEFAULTS))
        .isEqualTo(
            "{\"centred\":true,\"imageEmbedding\":\"mean\",\"maxAspect\":3.0,\"maxIou\":0.5,"
                + "\"minSide\":0.15,\"neighbours\":10,\"pairShare\":0.1,\"proposals\":\"fast\","
                + "\"roiEmbedding\":\"crop\",\"rois\":100,\"rule\":\"per-roi\"}");
  }

  /** The values of ORL's code. */
  @Test
  void orl_differs_in_rule_and_centring_alone() {
    ObjectNode expected = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    expected.put("rule", "flattened").put("centred", false);
    assertThat(Json.MAPPER.<ObjectNode>valueToTree(MiningSettings.ORL)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "neighbours, 0, neighbours must be positive",
    "rois, 40000, rois must be in 1…32767",
    "pairShare, 0, 'pairShare must be in (0, 1]'",
    "minSide, 2, 'minSide must be in [0, 1]'",
    "maxAspect, 0.5, maxAspect must be at least 1",
    "maxIou, -1, 'maxIou must be in [0, 1]'",
    "rule, best, key",
    "rule, best, 'one of per-roi, flattened, random'",
  })
  void impossible_values_are_refused(String key, String value, String problem) {
    ObjectNode tree = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    tree.set(key, Json.parseYaml("test", value));
    assertThatThrownBy(() -> Json.as("settings", tree, MiningSettings.class))
        .hasMessageContaining(problem);
  }
}
