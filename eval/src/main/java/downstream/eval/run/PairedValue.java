package downstream.eval.run;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import java.util.Optional;

/** One value of two runs; empty where a run has none. */
public record PairedValue(Optional<Double> a, Optional<Double> b) {
  /** a − b, as everywhere in a comparison; empty unless both runs have the value. */
  public Optional<Double> difference() {
    return a.flatMap(x -> b.map(y -> x - y));
  }

  /** {@code {"a": …, "b": …, "difference": …}}, null where there is none. */
  public JsonNode json() {
    return Json.MAPPER
        .createObjectNode()
        .put("a", a.orElse(null))
        .put("b", b.orElse(null))
        .put("difference", difference().orElse(null));
  }
}
