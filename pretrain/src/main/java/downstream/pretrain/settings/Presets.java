package downstream.pretrain.settings;

import java.util.LinkedHashMap;
import java.util.Map;

/** The presets that every method has, by size. */
public final class Presets {
  static final String SMOKE = "smoke";
  static final String SMALL = "small";
  static final String PAPER = "paper";

  /** The budget of preset small, the same for every method: minutes on two cores. */
  public static final Budget SMALL_BUDGET = Budget.parse("flops=2e13");

  /** The budget of preset smoke: seconds. */
  public static final Budget SMOKE_BUDGET = Budget.parse("images=256");

  private Presets() {}

  /** Settings by preset, smallest first; {@code small} is the default. */
  public static Map<String, Record> of(Record smoke, Record small, Record paper) {
    Map<String, Record> presets = new LinkedHashMap<>();
    presets.put(SMOKE, smoke);
    presets.put(SMALL, small);
    presets.put(PAPER, paper);
    return presets;
  }
}
