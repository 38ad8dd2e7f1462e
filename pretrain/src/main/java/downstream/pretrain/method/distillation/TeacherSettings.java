package downstream.pretrain.method.distillation;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.train.optimiser.ScalarSchedule;
import downstream.pretrain.settings.SettingsChecks;

/**
 * Settings of the teacher.
 *
 * @param momentum τ of the first update; it rises to 1 along a cosine (paper: 0.996)
 * @param temperature what its scores are divided by (paper: 0.04, or 0.07 after a warm-up)
 * @param temperatureStart temperature of the first update (paper: 0.04)
 * @param temperatureWarmup share of the updates in which the temperature moves
 * @param centring whether the moving mean of its scores is taken off them
 * @param centreMomentum what this mean keeps of itself (paper: 0.9)
 * @param stopBelowVariety smallest smoothed entropy of the mean distribution after the monitor's
 *     warm-up, as a fraction of ln K; 0 never stops
 * @param stopBelowSharpness smallest smoothed distance of the mean entropy from ln K, as a fraction
 *     of it; 0 never stops
 * @param exported which network becomes the encoder
 */
record TeacherSettings(
    double momentum,
    double temperature,
    double temperatureStart,
    double temperatureWarmup,
    boolean centring,
    double centreMomentum,
    double stopBelowVariety,
    double stopBelowSharpness,
    Exported exported) {
  /** Networks that can be exported. */
  enum Exported {
    @JsonProperty("teacher")
    TEACHER,
    @JsonProperty("student")
    STUDENT
  }

  TeacherSettings {
    SettingsChecks.momentum("teacher.momentum", momentum);
    SettingsChecks.positive("teacher.temperature", temperature);
    SettingsChecks.positive("teacher.temperatureStart", temperatureStart);
    SettingsChecks.that(
        temperatureWarmup >= 0 && temperatureWarmup <= 1,
        "teacher.temperatureWarmup must be in [0, 1], not " + temperatureWarmup);
    SettingsChecks.momentum("teacher.centreMomentum", centreMomentum);
    share("teacher.stopBelowVariety", stopBelowVariety);
    share("teacher.stopBelowSharpness", stopBelowSharpness);
  }

  private static void share(String name, double value) {
    SettingsChecks.that(value >= 0 && value < 1, name + " must be in [0, 1), not " + value);
  }

  /** A teacher of this momentum whose temperature stays at 0.04. */
  static TeacherSettings of(double momentum) {
    return new TeacherSettings(momentum, .04, .04, 0, true, .9, .05, .01, Exported.TEACHER);
  }

  /** The same with a temperature that rises from 0.04 in a share of the updates. */
  TeacherSettings warmingUpTo(double later, double warmup) {
    return new TeacherSettings(
        momentum,
        later,
        .04,
        warmup,
        centring,
        centreMomentum,
        stopBelowVariety,
        stopBelowSharpness,
        exported);
  }

  /** The temperature of each update. */
  ScalarSchedule temperatures() {
    return temperaturesTo(temperature);
  }

  /** The temperature of each update, of scores that end at another one. */
  ScalarSchedule temperaturesTo(double end) {
    return ScalarSchedule.linear(temperatureStart, end, temperatureWarmup);
  }
}
