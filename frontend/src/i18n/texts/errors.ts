/**
 * What went wrong and what to do, by code: every code of the API, of its gateway and of the page
 * itself (session/problem.ts). errors.test.ts fails where one lacks its text.
 */

import { texts } from '../texts'

export const errors = texts(
  {
    // The page itself.
    network: {
      title: 'The server cannot be reached',
      hint: 'Check the internet connection and try again. Nothing is lost.',
    },
    unexpected_answer: {
      title: 'The server gave an answer that makes no sense here',
      hint: 'A proxy or a firewall may stand in between. Try again in a minute, or from another network.',
    },
    packing_unreadable: {
      title: 'A file can no longer be read',
      hint: 'It was moved, renamed or deleted since it was chosen, or its disk was taken out. Choose the files again.',
    },
    packing_too_large: {
      title: 'The packed scan is larger than can be sent',
      hint: 'Choose a series with fewer slices, or export it at a lower resolution.',
    },
    packing_conversion_failed: {
      title: 'The series could not be converted in the browser',
      hint: 'Send it as DICOM files in a zip instead.',
    },
    packing_several_volumes: {
      title: 'The series holds several volumes',
      hint: 'It may hold phases or a tilted acquisition. Send it as DICOM files in a zip instead, or export one phase alone.',
    },
    packing_out_of_memory: {
      title: 'The browser ran out of memory',
      hint: 'Close other tabs and try again, or send the series as DICOM files in a zip.',
    },
    upload_refused: {
      title: 'The storage refused the scan',
      hint: 'Try again. If it happens again, choose the files anew.',
    },
    internal_page_error: {
      title: 'Something in this page went wrong',
      hint: 'Try again. If it happens again, reload the page: running jobs go on meanwhile.',
    },

    // What was asked for.
    internal_error: {
      title: 'The service could not answer',
      hint: 'Try again in a minute. If it happens again, report the job’s number.',
    },
    bad_request: {
      title: 'The service did not understand the request',
      hint: 'Reload the page: it may be out of date.',
    },
    not_json: {
      title: 'The service did not understand the request',
      hint: 'Reload the page: it may be out of date.',
    },
    invalid_field: {
      title: 'The service does not accept one of the settings',
      hint: 'Change the options, or reload the page: it may be out of date.',
    },
    invalid_filename: {
      title: 'The file’s name cannot be used',
      hint: 'Use a name that ends in .nii, .nii.gz or .zip.',
    },
    unsupported_format: {
      title: 'This kind of file cannot be read',
      hint: 'Choose a NIfTI file (.nii, .nii.gz) or the DICOM files of one series.',
    },
    invalid_base64: {
      title: 'The file was damaged on its way',
      hint: 'Try again.',
    },
    empty_file: {
      title: 'The file is empty',
      hint: 'Check the file on your disk, export it again if necessary, and choose it once more.',
    },
    file_too_large: {
      title: 'The scan is too large',
      hint: 'Choose a series with fewer slices, or export it at a lower resolution.',
    },
    unknown_task: {
      title: 'There is no such task',
      hint: 'Choose another task.',
    },
    task_unavailable: {
      title: 'This task does not run here',
      hint: 'Choose another task.',
    },
    unknown_structure: {
      title: 'One of the structures does not belong to this task',
      hint: 'Choose the structures again.',
    },
    unknown_format: {
      title: 'One of the file formats does not exist',
      hint: 'Choose the formats again.',
    },
    unauthorized: {
      title: 'Sign-in is needed',
      hint: 'Sign in and try again.',
    },
    access_denied: {
      title: 'Access is not allowed',
      hint: 'Use an account that may use this service, or ask whoever runs it.',
    },
    throttled: {
      title: 'Too many requests at once',
      hint: 'Wait a moment and try again.',
    },
    quota_exceeded: {
      title: 'The quota of requests is used up',
      hint: 'Wait until it is renewed, or ask whoever runs the service.',
    },
    timeout: {
      title: 'The service took too long to answer',
      hint: 'Try again: repeating it does no harm.',
    },

    // The job and its scan.
    job_not_yours: {
      title: 'This job belongs to somebody else',
      hint: 'Open it in the browser, or with the account, that made it.',
    },
    job_not_found: {
      title: 'There is no such job',
      hint: 'Check the link. Jobs are kept for 90 days.',
    },
    job_deleted: {
      title: 'This job was deleted, with all of its files',
      hint: 'Send the scan again to make a new one.',
    },
    file_not_found: {
      title: 'There is no such file in this job',
      hint: 'Reload the page to see the files that there are.',
    },
    scan_not_found: {
      title: 'The scan is no longer stored',
      hint: 'Send the scan again.',
    },
    route_not_found: {
      title: 'The service does not know this request',
      hint: 'Reload the page: it may be out of date.',
    },
    job_conflict: {
      title: 'The job has moved on in the meantime',
      hint: 'Reload the page to see its state.',
    },
    not_uploaded: {
      title: 'The scan has not arrived completely',
      hint: 'Choose the files again and send them once more.',
    },
    already_processed: {
      title: 'The job was processed with other options',
      hint: 'Process the scan again: a new job is made, and nothing is sent twice.',
    },
    parts_missing: {
      title: 'Parts of the scan have not arrived',
      hint: 'Try again: only what is missing is sent.',
    },
    upload_expired: {
      title: 'The upload took too long and was discarded',
      hint: 'Choose the files again and send them once more.',
    },
    scan_refused: {
      title: 'The scan cannot be processed',
      hint: 'Look at what was found about it, and choose another series.',
    },
    endpoint_stopped: {
      title: 'The computing service is switched off',
      hint: 'The scan is stored. Ask whoever runs the service to start it, then try again.',
    },

    // The scan as it was read.
    unreadable_scan: {
      title: 'The scan cannot be read',
      hint: 'Export it again as NIfTI, or as the DICOM files of one series.',
    },
    not_an_image: {
      title: 'The file holds no scan',
      hint: 'Choose a NIfTI file or the DICOM files of one series. Reports and structure sets are no scans.',
    },
    not_3d: {
      title: 'This is not a single three-dimensional volume',
      hint: 'Of a time series, export one volume alone.',
    },
    untrusted_geometry: {
      title: 'The positions of the slices contradict each other',
      hint: 'Sizes and shapes would be wrong. Export the complete series again, without missing or repeated slices.',
    },
    unsupported_transfer_syntax: {
      title: 'The images are compressed in a way that cannot be read',
      hint: 'Export the series uncompressed (Explicit VR Little Endian).',
    },
    wrong_modality: {
      title: 'The scan does not suit the task',
      hint: 'Choose a task for this kind of scan: CT and MR have their own ones.',
    },

    // Processing.
    segmentation_failed: {
      title: 'The segmentation failed',
      hint: 'Try again. If it happens again, try another quality or fewer structures.',
    },
    nothing_found: {
      title: 'None of the structures was found',
      hint: 'Check that the scan shows this part of the body, and that the chosen structures lie in it.',
    },
    engine_unavailable: {
      title: 'The segmentation engine is not ready',
      hint: 'Try again in a few minutes. If it happens again, tell whoever runs the service.',
    },
    out_of_memory: {
      title: 'The scan needs more memory than there is',
      hint: 'Process it in fast quality, or choose fewer structures.',
    },
    worker_died: {
      title: 'The processing broke off',
      hint: 'Try again in fast quality or with fewer structures: both need less memory.',
    },
    worker_lost: {
      title: 'The machine that processed the scan was lost',
      hint: 'Try again: the scan is stored and is not sent twice.',
    },
  },
  {
    network: {
      title: 'No se puede contactar con el servidor',
      hint: 'Compruebe la conexión a internet y vuelva a intentarlo. No se ha perdido nada.',
    },
    unexpected_answer: {
      title: 'El servidor ha dado una respuesta que aquí no tiene sentido',
      hint: 'Puede haber un proxy o un cortafuegos por medio. Inténtelo de nuevo dentro de un minuto o desde otra red.',
    },
    packing_unreadable: {
      title: 'Ya no se puede leer uno de los archivos',
      hint: 'Se ha movido, renombrado o borrado desde que se eligió, o se ha retirado su disco. Elija los archivos de nuevo.',
    },
    packing_too_large: {
      title: 'El estudio empaquetado es mayor de lo que se puede enviar',
      hint: 'Elija una serie con menos cortes o expórtela con menor resolución.',
    },
    packing_conversion_failed: {
      title: 'No se ha podido convertir la serie en el navegador',
      hint: 'Envíela como archivos DICOM en un zip.',
    },
    packing_several_volumes: {
      title: 'La serie contiene varios volúmenes',
      hint: 'Puede contener fases o una adquisición inclinada. Envíela como archivos DICOM en un zip, o exporte una sola fase.',
    },
    packing_out_of_memory: {
      title: 'El navegador se ha quedado sin memoria',
      hint: 'Cierre otras pestañas e inténtelo de nuevo, o envíe la serie como archivos DICOM en un zip.',
    },
    upload_refused: {
      title: 'El almacenamiento ha rechazado el estudio',
      hint: 'Inténtelo de nuevo. Si vuelve a ocurrir, elija los archivos otra vez.',
    },
    internal_page_error: {
      title: 'Algo ha fallado en esta página',
      hint: 'Inténtelo de nuevo. Si vuelve a ocurrir, recargue la página: los trabajos en curso continúan entretanto.',
    },

    internal_error: {
      title: 'El servicio no ha podido responder',
      hint: 'Inténtelo de nuevo dentro de un minuto. Si vuelve a ocurrir, comunique el número del trabajo.',
    },
    bad_request: {
      title: 'El servicio no ha entendido la petición',
      hint: 'Recargue la página: puede estar desactualizada.',
    },
    not_json: {
      title: 'El servicio no ha entendido la petición',
      hint: 'Recargue la página: puede estar desactualizada.',
    },
    invalid_field: {
      title: 'El servicio no admite uno de los ajustes',
      hint: 'Cambie las opciones o recargue la página: puede estar desactualizada.',
    },
    invalid_filename: {
      title: 'El nombre del archivo no se puede usar',
      hint: 'Use un nombre que termine en .nii, .nii.gz o .zip.',
    },
    unsupported_format: {
      title: 'Este tipo de archivo no se puede leer',
      hint: 'Elija un archivo NIfTI (.nii, .nii.gz) o los archivos DICOM de una serie.',
    },
    invalid_base64: {
      title: 'El archivo se ha dañado por el camino',
      hint: 'Inténtelo de nuevo.',
    },
    empty_file: {
      title: 'El archivo está vacío',
      hint: 'Revise el archivo en su disco, expórtelo de nuevo si hace falta y vuelva a elegirlo.',
    },
    file_too_large: {
      title: 'El estudio es demasiado grande',
      hint: 'Elija una serie con menos cortes o expórtela con menor resolución.',
    },
    unknown_task: {
      title: 'Esa tarea no existe',
      hint: 'Elija otra tarea.',
    },
    task_unavailable: {
      title: 'Esta tarea no está disponible aquí',
      hint: 'Elija otra tarea.',
    },
    unknown_structure: {
      title: 'Una de las estructuras no pertenece a esta tarea',
      hint: 'Elija de nuevo las estructuras.',
    },
    unknown_format: {
      title: 'Uno de los formatos de archivo no existe',
      hint: 'Elija de nuevo los formatos.',
    },
    unauthorized: {
      title: 'Es necesario iniciar sesión',
      hint: 'Inicie sesión e inténtelo de nuevo.',
    },
    access_denied: {
      title: 'El acceso no está permitido',
      hint: 'Use una cuenta autorizada para este servicio o consulte a quien lo administra.',
    },
    throttled: {
      title: 'Demasiadas peticiones a la vez',
      hint: 'Espere un momento e inténtelo de nuevo.',
    },
    quota_exceeded: {
      title: 'Se ha agotado el cupo de peticiones',
      hint: 'Espere a que se renueve o consulte a quien administra el servicio.',
    },
    timeout: {
      title: 'El servicio ha tardado demasiado en responder',
      hint: 'Inténtelo de nuevo: repetir la petición no causa ningún problema.',
    },

    job_not_yours: {
      title: 'Este trabajo pertenece a otra persona',
      hint: 'Ábralo en el navegador, o con la cuenta, con que se creó.',
    },
    job_not_found: {
      title: 'Ese trabajo no existe',
      hint: 'Revise el enlace. Los trabajos se conservan 90 días.',
    },
    job_deleted: {
      title: 'Este trabajo se ha eliminado, con todos sus archivos',
      hint: 'Envíe el estudio de nuevo para crear otro.',
    },
    file_not_found: {
      title: 'Ese archivo no existe en este trabajo',
      hint: 'Recargue la página para ver los archivos que hay.',
    },
    scan_not_found: {
      title: 'El estudio ya no está almacenado',
      hint: 'Envíe el estudio de nuevo.',
    },
    route_not_found: {
      title: 'El servicio no conoce esta petición',
      hint: 'Recargue la página: puede estar desactualizada.',
    },
    job_conflict: {
      title: 'El trabajo ha avanzado entretanto',
      hint: 'Recargue la página para ver su estado.',
    },
    not_uploaded: {
      title: 'El estudio no ha llegado completo',
      hint: 'Elija los archivos de nuevo y vuelva a enviarlos.',
    },
    already_processed: {
      title: 'El trabajo se procesó con otras opciones',
      hint: 'Procese el estudio otra vez: se crea un trabajo nuevo y no se envía nada dos veces.',
    },
    parts_missing: {
      title: 'Faltan partes del estudio por llegar',
      hint: 'Inténtelo de nuevo: solo se envía lo que falta.',
    },
    upload_expired: {
      title: 'El envío tardó demasiado y se descartó',
      hint: 'Elija los archivos de nuevo y vuelva a enviarlos.',
    },
    scan_refused: {
      title: 'El estudio no se puede procesar',
      hint: 'Revise lo que se ha encontrado en él y elija otra serie.',
    },
    endpoint_stopped: {
      title: 'El servicio de cálculo está apagado',
      hint: 'El estudio está guardado. Pida a quien administra el servicio que lo encienda e inténtelo de nuevo.',
    },

    unreadable_scan: {
      title: 'El estudio no se puede leer',
      hint: 'Expórtelo de nuevo como NIfTI o como los archivos DICOM de una serie.',
    },
    not_an_image: {
      title: 'El archivo no contiene ningún estudio',
      hint: 'Elija un archivo NIfTI o los archivos DICOM de una serie. Los informes y los conjuntos de estructuras no son estudios.',
    },
    not_3d: {
      title: 'No es un único volumen tridimensional',
      hint: 'De una serie temporal, exporte un solo volumen.',
    },
    untrusted_geometry: {
      title: 'Las posiciones de los cortes se contradicen',
      hint: 'Los tamaños y las formas serían erróneos. Exporte de nuevo la serie completa, sin cortes ausentes ni repetidos.',
    },
    unsupported_transfer_syntax: {
      title: 'Las imágenes tienen una compresión que no se puede leer',
      hint: 'Exporte la serie sin comprimir (Explicit VR Little Endian).',
    },
    wrong_modality: {
      title: 'El estudio no es adecuado para la tarea',
      hint: 'Elija una tarea para este tipo de estudio: la TC y la RM tienen las suyas.',
    },

    segmentation_failed: {
      title: 'La segmentación ha fallado',
      hint: 'Inténtelo de nuevo. Si vuelve a ocurrir, pruebe con otra calidad o con menos estructuras.',
    },
    nothing_found: {
      title: 'No se ha encontrado ninguna de las estructuras',
      hint: 'Compruebe que el estudio muestra esa parte del cuerpo y que las estructuras elegidas están en ella.',
    },
    engine_unavailable: {
      title: 'El motor de segmentación no está listo',
      hint: 'Inténtelo de nuevo dentro de unos minutos. Si vuelve a ocurrir, avise a quien administra el servicio.',
    },
    out_of_memory: {
      title: 'El estudio necesita más memoria de la que hay',
      hint: 'Procéselo con calidad rápida o elija menos estructuras.',
    },
    worker_died: {
      title: 'El procesamiento se ha interrumpido',
      hint: 'Inténtelo de nuevo con calidad rápida o con menos estructuras: así se necesita menos memoria.',
    },
    worker_lost: {
      title: 'Se ha perdido la máquina que procesaba el estudio',
      hint: 'Inténtelo de nuevo: el estudio está guardado y no se envía dos veces.',
    },
  },
)
