/** The segmentation module. */
@NullMarked
package downstream.segmentation;

import org.jspecify.annotations.NullMarked;
