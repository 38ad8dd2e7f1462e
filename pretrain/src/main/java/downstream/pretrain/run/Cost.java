package downstream.pretrain.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import java.util.List;
import java.util.Optional;

/**
 * What one stage of a pretraining cost.
 *
 * @param stage its name
 * @param steps updates
 * @param imagesSeen examples, with repetition
 * @param flops floating-point operations, absent if nobody knows
 */
record Cost(String stage, long steps, long imagesSeen, Optional<Long> flops) {

  /** What an encoder that somebody gives had cost, by its own account. */
  static Cost inherited(String stage, EncoderFile file) {
    JsonNode provenance = file.provenance();
    JsonNode flops = provenance.path("trainingFlops");
    return new Cost(
        stage,
        provenance.path("steps").asLong(),
        provenance.path("imagesSeen").asLong(),
        flops.isIntegralNumber() ? Optional.of(flops.asLong()) : Optional.empty());
  }

  /** Writes the sums and each stage; what is unknown makes the sum null. */
  static void describe(List<Cost> costs, ObjectNode provenance) {
    provenance.put("steps", costs.stream().mapToLong(Cost::steps).sum());
    provenance.put("imagesSeen", costs.stream().mapToLong(Cost::imagesSeen).sum());
    provenance.set("trainingFlops", Json.MAPPER.valueToTree(total(costs)));
    if (costs.size() > 1) {
      provenance.set("stages", Json.MAPPER.valueToTree(costs));
    }
  }

  private static Optional<Long> total(List<Cost> costs) {
    return costs.stream().allMatch(cost -> cost.flops().isPresent())
        ? Optional.of(costs.stream().mapToLong(cost -> cost.flops().orElseThrow()).sum())
        : Optional.empty();
  }
}
