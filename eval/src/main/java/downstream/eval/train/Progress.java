package downstream.eval.train;

import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How a training is getting on, on standard error: loss, images/s, time left and the share of time
 * spent waiting for data. A bar on a terminal; elsewhere a line for every tenth of the way.
 */
final class Progress implements AutoCloseable {
  /** Set by the launcher when standard error is a terminal. */
  private static final boolean TERMINAL = Boolean.getBoolean("downstream.terminal");

  private final String name;
  private final int start;
  private final int steps;
  private final int batch;
  private final long began = System.nanoTime();
  private final java.util.Optional<ProgressBar> bar;

  Progress(String name, int start, int steps, int batch) {
    this.name = name;
    this.start = start;
    this.steps = steps;
    this.batch = batch;
    bar = TERMINAL ? java.util.Optional.of(newBar(name, start, steps)) : java.util.Optional.empty();
  }

  private static ProgressBar newBar(String name, int start, int steps) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(steps)
        .startsFrom(start, java.time.Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .build();
  }

  /** Tells of a step that is done. */
  void step(Map<String, Object> line, double waitSeconds) {
    int done = ((Number) java.util.Objects.requireNonNull(line.get("step"))).intValue() + 1;
    double seconds = (System.nanoTime() - began) * 1e-9;
    double perSecond = (done - start) / seconds;
    String state =
        String.format(
            Locale.ROOT,
            "loss %.4f  %.1f images/s  %.0f s left  waited for data %.0f%%",
            ((Number) java.util.Objects.requireNonNull(line.get("total"))).doubleValue(),
            perSecond * batch,
            (steps - done) / perSecond,
            100 * waitSeconds / seconds);
    bar.ifPresent(b -> b.setExtraMessage(state).stepTo(done));
    if (bar.isEmpty() && (done == steps || done * 10L / steps > (done - 1) * 10L / steps)) {
      System.err.printf(Locale.ROOT, "%s  step %d/%d  %s%n", name, done, steps, state);
    }
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
