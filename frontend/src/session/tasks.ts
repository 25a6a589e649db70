/** What can be segmented here; asked for once. */

import { createStore, type StoreApi } from 'zustand/vanilla'

import type { Api } from '../api/client'
import type { Task } from '../api/types'
import { problemOf, type Problem } from './problem'

export type TasksState =
  | { name: 'loading' }
  /** Only tasks that this deployment runs. */
  | { name: 'ready'; engine: string; tasks: readonly Task[] }
  | { name: 'failed'; problem: Problem }

export interface TasksList {
  readonly store: StoreApi<TasksState>
  /** Ask, unless it is known already or being asked. */
  load: () => Promise<void>
}

export function createTasks(api: Pick<Api, 'tasks'>): TasksList {
  const store = createStore<TasksState>(() => ({ name: 'loading' }))
  let asking: Promise<void> | null = null
  const ask = async () => {
    store.setState({ name: 'loading' }, true)
    try {
      const { engine, tasks } = await api.tasks()
      store.setState(
        { name: 'ready', engine, tasks: tasks.filter(({ available }) => available) },
        true,
      )
    } catch (error) {
      asking = null
      store.setState({ name: 'failed', problem: problemOf(error) }, true)
    }
  }
  return { store, load: () => (asking ??= ask()) }
}

/** Modalities that some task takes; null while the tasks are not known. */
export function knownModalities(state: TasksState): string[] | null {
  return state.name === 'ready' ? [...new Set(state.tasks.map(({ modality }) => modality))] : null
}
