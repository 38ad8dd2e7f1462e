package downstream.pretrain.method.distillation;

import downstream.pretrain.settings.CropSettings;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.MonitorSettings;
import downstream.pretrain.settings.SettingsChecks;

/**
 * The settings that DINO and iBOT have in common.
 *
 * @param dropPath share of the images for which a branch of the student's last block is left out
 */
record DistillationSettings(
    EncoderSettings encoder,
    CropSettings crops,
    HeadSettings head,
    TeacherSettings teacher,
    double studentTemperature,
    double dropPath,
    MonitorSettings monitor) {
  DistillationSettings {
    crops.check(encoder);
    SettingsChecks.positive("studentTemperature", studentTemperature);
    SettingsChecks.dropPath(dropPath, encoder);
  }
}
