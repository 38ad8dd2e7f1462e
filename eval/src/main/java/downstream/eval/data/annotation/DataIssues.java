package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import java.util.ArrayList;
import java.util.List;

/**
 * Issues found while reading a data set. A warning tells what was corrected. The mode decides about
 * a defect: reading stops, or the faulty item is left out and reading goes on. After reporting a
 * defect, callers must skip the item.
 */
public final class DataIssues {
  /** Handling of a defect. */
  public enum Mode {
    /** Throws {@link BadInput}. */
    REFUSE,
    /** The defect becomes a warning. */
    LEAVE_OUT,
    /** Collects all defects, which the caller then reads. */
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
