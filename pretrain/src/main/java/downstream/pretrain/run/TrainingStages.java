package downstream.pretrain.run;

import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainer;
import downstream.eval.pretraining.PretrainingRequest;
import java.io.IOException;
import java.util.List;

/** Trainings of a method: one stage, or several that follow each other. */
public sealed interface TrainingStages permits TrainingStage, TwoStagePretraining {
  /** Measures a few updates of every stage; leaves nothing behind. */
  List<CostEstimate> estimate(PretrainingRequest request) throws IOException;

  /**
   * Trains in the folder of the request and exports the encoder under the method's name. What is
   * finished is not done again.
   *
   * @param settings of the method, for the encoder's provenance
   */
  void run(Pretrainer method, Record settings, PretrainingRequest request) throws IOException;
}
