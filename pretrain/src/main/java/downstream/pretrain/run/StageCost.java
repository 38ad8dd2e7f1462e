package downstream.pretrain.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import java.util.List;
import java.util.Optional;

/**
 * The cost of one stage of a pretraining.
 *
 * @param stage its name
 * @param steps updates
 * @param imagesSeen examples, with repetition
 * @param flops floating-point operations, empty if unknown
 */
@JsonNaming(SnakeCaseStrategy.class)
record StageCost(String stage, long steps, long imagesSeen, Optional<Long> flops) {

  /** The cost of a given encoder, from its provenance. */
  static StageCost inherited(String stage, EncoderFile file) {
    JsonNode provenance = file.provenance();
    JsonNode flops = provenance.path("training_flops");
    return new StageCost(
        stage,
        provenance.path("steps").asLong(),
        provenance.path("images_seen").asLong(),
        flops.isIntegralNumber() ? Optional.of(flops.asLong()) : Optional.empty());
  }

  /** Writes the sums and each stage; the sum is null if one is unknown. */
  static void describe(List<StageCost> costs, ObjectNode provenance) {
    provenance.put("steps", costs.stream().mapToLong(StageCost::steps).sum());
    provenance.put("images_seen", costs.stream().mapToLong(StageCost::imagesSeen).sum());
    provenance.set("training_flops", Json.MAPPER.valueToTree(total(costs)));
    if (costs.size() > 1) {
      provenance.set("stages", Json.MAPPER.valueToTree(costs));
    }
  }

  private static Optional<Long> total(List<StageCost> costs) {
    return costs.stream().allMatch(cost -> cost.flops().isPresent())
        ? Optional.of(costs.stream().mapToLong(cost -> cost.flops().orElseThrow()).sum())
        : Optional.empty();
  }
}
