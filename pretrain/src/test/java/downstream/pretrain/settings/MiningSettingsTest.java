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
            "{\"centerEmbeddings\":true,\"hubFractionDropped\":0.5,\"imageEmbedding\":\"mean\","
                + "\"maxAspectRatio\":3.0,\"maxIou\":0.5,\"maxRegionAreaFraction\":0.5,"
                + "\"minRegionSideFraction\":0.1,\"mutualPairs\":true,\"neighbours\":10,"
                + "\"pairSelection\":\"row-max\",\"proposalMode\":\"fast\",\"regionEmbedding\":\"crop\","
                + "\"regions\":100,\"searchSidePixels\":0,\"topPairFraction\":1.0,"
                + "\"whitenEmbeddings\":true,\"whiteningShrinkage\":0.01}");
  }

  /** The values of ORL's code. */
  @Test
  void orl_has_the_published_values() {
    ObjectNode expected = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    expected.put("pairSelection", "global-top").put("topPairFraction", .1);
    expected.put("centerEmbeddings", false).put("whitenEmbeddings", false);
    expected.put("minRegionSideFraction", .15).put("maxRegionAreaFraction", 1.0);
    expected.put("hubFractionDropped", 0.0).put("mutualPairs", false);
    assertThat(Json.MAPPER.<ObjectNode>valueToTree(MiningSettings.ORL)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "neighbours, 0, neighbours must be positive",
    "regions, 40000, regions must be in 1…32767",
    "topPairFraction, 0, 'topPairFraction must be in (0, 1]'",
    "minRegionSideFraction, 2, 'minRegionSideFraction must be in [0, 1]'",
    "maxAspectRatio, 0.5, maxAspectRatio must be at least 1",
    "whiteningShrinkage, 0, 'whiteningShrinkage must be in (0, 1]'",
    "maxRegionAreaFraction, 0.01, maxRegionAreaFraction must be above the square",
    "searchSidePixels, 16, 'searchSidePixels must be 0 or in 32…2048, not 16'",
    "hubFractionDropped, 1, 'hubFractionDropped must be in [0, 1)'",
    "maxIou, -1, 'maxIou must be in [0, 1]'",
    "pairSelection, best, key",
    "pairSelection, best, 'one of row-max, global-top, random'",
  })
  void impossible_values_are_refused(String key, String value, String problem) {
    ObjectNode tree = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    tree.set(key, Json.parseYaml("test", value));
    assertThatThrownBy(() -> Json.as("settings", tree, MiningSettings.class))
        .hasMessageContaining(problem);
  }
}
