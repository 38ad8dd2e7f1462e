package downstream.pretrain.method.contrast;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import downstream.eval.train.Objective;
import downstream.eval.train.TrainingLoop;
import downstream.eval.train.TrainingOptions;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.pretrain.TestImages;
import downstream.pretrain.views.Photos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One update by a batch of seven, which neither two groups nor two replicas share evenly. */
final class OneUpdate {
  private OneUpdate() {}

  /** The log of it. */
  static JsonNode log(MocoSettings settings, List<Objective<List<float[]>>> replicas, Path folder)
      throws IOException {
    Optimiser sgd = new Optimiser.Sgd(.01, .9, .05, false);
    TrainingPlan plan = new TrainingPlan(1, 7, sgd, Schedule.cosine(0), 0, 5, 3, 1);
    Photos photos = new Photos(TestImages.write(folder.resolve("images"), 16));
    Path run = folder.resolve("run" + replicas.size());
    TrainingLoop.train(plan, Moco.views(settings, photos), replicas, run, TrainingOptions.DEFAULTS);
    return Json.parseYaml("log", Files.readString(run.resolve("log.jsonl")));
  }
}
