package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCaseTest {
  @ParameterizedTest
  @CsvSource({
    "learningRate, learning_rate",
    "steps, steps",
    "smoothL1Beta, smooth_l1_beta",
    "preNmsTopTrain, pre_nms_top_train",
    "clip2, clip2"
  })
  void goes_there_and_back(String camel, String snake) {
    assertThat(KeyCase.snake(camel)).isEqualTo(snake);
    assertThat(KeyCase.camel(snake)).isEqualTo(camel);
  }

  @Test
  void keys_of_groups_and_lists_are_renamed_and_values_are_not() throws IOException {
    JsonNode settings =
        Json.MAPPER.readTree("{'headWidth':[{'outBlocks':'someText'}]}".replace('\'', '"'));
    JsonNode quoted = KeyCase.snake(settings);
    assertThat(Json.canonical(quoted))
        .isEqualTo("{\"head_width\":[{\"out_blocks\":\"someText\"}]}");
    assertThat(KeyCase.camel(quoted)).isEqualTo(settings);
  }
}
