package downstream.pretrain.settings;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sizes that every method comes in. */
public final class Presets {
  static final String SMOKE = "smoke";
  static final String SMALL = "small";
  static final String PAPER = "paper";

  /** The same cost for every method: minutes on two cores. */
  public static final Budget SMALL_BUDGET = Budget.parse("flops=2e13");

  /** Seconds. */
  public static final Budget SMOKE_BUDGET = Budget.parse("images=256");

  private Presets() {}

  /** In ascending order; {@code small} is the default. */
  public static Map<String, Record> of(Record smoke, Record small, Record paper) {
    Map<String, Record> presets = new LinkedHashMap<>();
    presets.put(SMOKE, smoke);
    presets.put(SMALL, small);
    presets.put(PAPER, paper);
    return presets;
  }
}
