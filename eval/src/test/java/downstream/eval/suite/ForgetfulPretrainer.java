package downstream.eval.suite;

import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A method whose command is not installed here, so that its encoders are never made. */
public final class ForgetfulPretrainer implements Pretrainer {
  /** Its settings. */
  public record Settings(int units, String budget) {}

  @Override
  public String name() {
    return "forgetful";
  }

  @Override
  public String summary() {
    return "Makes nothing.";
  }

  @Override
  public Map<String, Record> presets() {
    return Map.of("small", new Settings(3, "images=8"));
  }

  @Override
  public List<CostEstimate> estimate(PretrainingRequest pretraining) {
    return List.of(new CostEstimate("all", 1, 1, 1, 90, OptionalLong.empty()));
  }

  @Override
  public void run(PretrainingRequest pretraining) {
    throw new IllegalStateException("forgot");
  }
}
