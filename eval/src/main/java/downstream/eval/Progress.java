package downstream.eval;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress display of a long job, on standard error: images/s, time left and what else there is to
 * say. A bar on a terminal; elsewhere a line for every tenth of the way.
 */
public final class Progress implements AutoCloseable {
  /** Set by the launcher when standard error is a terminal. */
  private static final boolean TERMINAL = Boolean.getBoolean("downstream.terminal");

  private final String name;
  private final String unit;
  private final int start;
  private final int total;
  private final int images;
  private final long began = System.nanoTime();
  private final Optional<ProgressBar> bar;
  private int done;

  /**
   * @param unit what is counted: {@code step}
   * @param start how many of them were done before
   * @param images in each
   */
  public Progress(String name, String unit, int start, int total, int images) {
    this.name = name;
    this.unit = unit;
    this.start = start;
    this.total = total;
    this.images = images;
    done = start;
    bar = TERMINAL ? Optional.of(newBar()) : Optional.empty();
  }

  private ProgressBar newBar() {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(total)
        .startsFrom(start, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .build();
  }

  /**
   * Tells how far it is.
   *
   * @param now how many are done, those done before included
   * @param state what else there is to say; may be empty
   */
  public void at(int now, String state) {
    double perSecond = (now - start) / seconds();
    String line =
        String.format(
            Locale.ROOT,
            "%s%.1f images/s  %.0f s left",
            state.isEmpty() ? "" : state + "  ",
            perSecond * images,
            (total - now) / perSecond);
    bar.ifPresent(b -> b.setExtraMessage(line).stepTo(now));
    if (bar.isEmpty() && (now == total || now * 10L / total > done * 10L / total)) {
      System.err.printf(Locale.ROOT, "%s  %s %d/%d  %s%n", name, unit, now, total, line);
    }
    done = now;
  }

  /** Returns the seconds since the job began. */
  public double seconds() {
    return (System.nanoTime() - began) * 1e-9;
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
