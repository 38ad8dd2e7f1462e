package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import java.util.ArrayList;
import java.util.List;

/**
 * What reading finds fault with. A warning tells what was mended. A defect is answered by the mode:
 * reading stops, or the faulty thing is left out and reading goes on. Whoever reports a defect
 * therefore goes on as if the thing were not there.
 */
public final class DataIssues {
  /** What a defect does. */
  public enum Mode {
    /** Throws {@link BadInput}. */
    REFUSE,
    /** Becomes a warning. */
    LEAVE_OUT,
    /** Is collected. */
    COLLECT
  }

  private final Mode mode;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> defects = new ArrayList<>();

  public DataIssues(Mode mode) {
    this.mode = mode;
  }

  public Mode mode() {
    return mode;
  }

  public void warn(Object where, String what) {
    warnings.add(where + ": " + what);
  }

  void defect(Object where, String problem, String fix) {
    defect(new BadInput(where, problem, fix));
  }

  public void defect(BadInput defect) {
    switch (mode) {
      case REFUSE -> throw defect;
      case LEAVE_OUT -> warnings.add("left out: " + defect.getMessage());
      case COLLECT -> defects.add(defect.getMessage());
    }
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  public List<String> defects() {
    return List.copyOf(defects);
  }
}
