package downstream.pretrain.monitor;

import downstream.eval.train.TrainingStopped;
import java.util.Locale;

/** The end of a training whose embeddings no longer tell images apart. */
public final class Collapse extends TrainingStopped {
  private static final long serialVersionUID = 1L;

  private Collapse(String method, String problem, String fix) {
    super(method, problem, fix);
  }

  static Collapse ofProjections(
      String method, String what, int step, double collapse, double spread, double limit) {
    return new Collapse(
        method,
        String.format(
            Locale.ROOT,
            "the %s collapsed at step %d: collapse %.3f is above %.3f (√d × standard deviation is"
                + " %.4f, where 1 is healthy and 0 one point)",
            what,
            step,
            collapse,
            limit,
            spread),
        "Check stop-gradient and predictor, lower the learning rate or raise the batch; setting"
            + " training.monitor.stopAboveCollapse to 1 switches the limit off");
  }

  static Collapse ofRank(String method, String what, int step, double rank, double limit) {
    return new Collapse(
        method,
        String.format(
            Locale.ROOT,
            "the %s collapsed at step %d: their effective rank is %.3f, below %.3f",
            what,
            step,
            rank,
            limit),
        "Lower the learning rate or look at the images; setting training.monitor.stopBelowRank to 1"
            + " switches the limit off");
  }

  /** The collapse that a number below its limit shows. */
  static Collapse ofNumber(String method, int step, LimitMonitor.Limit limit, double value) {
    return new Collapse(
        method,
        String.format(
            Locale.ROOT,
            "%s at step %d: %s, smoothed, is %.4g, below %.4g",
            limit.problem(),
            step,
            limit.what(),
            value,
            limit.least()),
        limit.fix());
  }
}
