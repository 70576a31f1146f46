// Generated from supabase/migrations by `npm run types`. Do not edit.

export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  // Allows to automatically instantiate createClient with right options
  // instead of createClient<Database, { PostgrestVersion: 'XX' }>(URL, KEY)
  __InternalSupabase: {
    PostgrestVersion: "12.2"
  }
  public: {
    Tables: {
      api_keys: {
        Row: {
          created_at: string
          expires_at: string | null
          id: string
          key_hash: string
          last_used_at: string | null
          name: string
          prefix: string
          revoked_at: string | null
          scopes: string[]
          user_id: string
        }
        Insert: {
          created_at?: string
          expires_at?: string | null
          id?: string
          key_hash: string
          last_used_at?: string | null
          name: string
          prefix: string
          revoked_at?: string | null
          scopes: string[]
          user_id: string
        }
        Update: {
          created_at?: string
          expires_at?: string | null
          id?: string
          key_hash?: string
          last_used_at?: string | null
          name?: string
          prefix?: string
          revoked_at?: string | null
          scopes?: string[]
          user_id?: string
        }
        Relationships: []
      }
      attempts: {
        Row: {
          created_at: string
          ended_at: string | null
          exit_code: number | null
          job_key: number
          number: number
          revoked_at: string | null
          token_hash: string
          token_salt: string | null
        }
        Insert: {
          created_at?: string
          ended_at?: string | null
          exit_code?: number | null
          job_key: number
          number: number
          revoked_at?: string | null
          token_hash: string
          token_salt?: string | null
        }
        Update: {
          created_at?: string
          ended_at?: string | null
          exit_code?: number | null
          job_key?: number
          number?: number
          revoked_at?: string | null
          token_hash?: string
          token_salt?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "attempts_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      commands: {
        Row: {
          applied_at: string | null
          applied_step: number | null
          args: NonNullable<Json>
          delivered_at: string | null
          id: string
          job_key: number
          new: Json | null
          old: Json | null
          ordinal: number
          reason: string | null
          requested_at: string
          requested_by: string | null
          result: Json | null
          starts_attempt: number | null
          status: string
          type: string
        }
        Insert: {
          applied_at?: string | null
          applied_step?: number | null
          args?: NonNullable<Json>
          delivered_at?: string | null
          id: string
          job_key: number
          new?: Json | null
          old?: Json | null
          ordinal?: never
          reason?: string | null
          requested_at?: string
          requested_by?: string | null
          result?: Json | null
          starts_attempt?: number | null
          status?: string
          type: string
        }
        Update: {
          applied_at?: string | null
          applied_step?: number | null
          args?: NonNullable<Json>
          delivered_at?: string | null
          id?: string
          job_key?: number
          new?: Json | null
          old?: Json | null
          ordinal?: never
          reason?: string | null
          requested_at?: string
          requested_by?: string | null
          result?: Json | null
          starts_attempt?: number | null
          status?: string
          type?: string
        }
        Relationships: [
          {
            foreignKeyName: "commands_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      dropped_series: {
        Row: {
          series_id: number
        }
        Insert: {
          series_id: number
        }
        Update: {
          series_id?: number
        }
        Relationships: []
      }
      ingest_batches: {
        Row: {
          batch_id: string
          body_hash: string
          created_at: string
          job_key: number
          reply: Json | null
        }
        Insert: {
          batch_id: string
          body_hash: string
          created_at?: string
          job_key: number
          reply?: Json | null
        }
        Update: {
          batch_id?: string
          body_hash?: string
          created_at?: string
          job_key?: number
          reply?: Json | null
        }
        Relationships: [
          {
            foreignKeyName: "ingest_batches_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      job_stream: {
        Row: {
          bytes: number
          created_at: string
          job_key: number
          payload: NonNullable<Json>
          seq: number
          stream: string
        }
        Insert: {
          bytes: number
          created_at?: string
          job_key: number
          payload: NonNullable<Json>
          seq: number
          stream: string
        }
        Update: {
          bytes?: number
          created_at?: string
          job_key?: number
          payload?: NonNullable<Json>
          seq?: number
          stream?: string
        }
        Relationships: [
          {
            foreignKeyName: "job_stream_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      job_usage: {
        Row: {
          counted_seq: number
          event_bytes: number
          events: number
          job_key: number
          log_bytes: number
          log_lines: number
          point_bytes: number
          points: number
          prediction_bytes: number
          predictions: number
          pruned_seq: number
          user_id: string
        }
        Insert: {
          counted_seq?: number
          event_bytes?: number
          events?: number
          job_key: number
          log_bytes?: number
          log_lines?: number
          point_bytes?: number
          points?: number
          prediction_bytes?: number
          predictions?: number
          pruned_seq?: number
          user_id: string
        }
        Update: {
          counted_seq?: number
          event_bytes?: number
          events?: number
          job_key?: number
          log_bytes?: number
          log_lines?: number
          point_bytes?: number
          points?: number
          prediction_bytes?: number
          predictions?: number
          pruned_seq?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "job_usage_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      jobs: {
        Row: {
          active_ms: number
          active_since: string | null
          archived: boolean
          archived_at: string | null
          archived_before: boolean | null
          attempt: number
          attempt_active: boolean
          backend: string | null
          config: NonNullable<Json>
          created_at: string
          current_epoch: number | null
          current_step: number | null
          dataset_id: string | null
          dataset_path: string | null
          error: string | null
          finished_at: string | null
          generation: string
          heartbeat_at: string | null
          id: string
          key: number
          kind: string
          last_seq: number
          line_count: number
          live_params: NonNullable<Json>
          managed: boolean
          model_name: string | null
          name: string
          notes: string
          notified_at: string | null
          params: NonNullable<Json>
          parent_job_id: string | null
          phase: string | null
          progress: number | null
          pruned_seq: number | null
          remove_at: string | null
          sample_count: number
          series_count: number
          started_at: string | null
          status: string
          step_attempt: number | null
          tags: string[]
          total_epochs: number | null
          total_steps: number | null
          updated_at: string
          user_id: string | null
        }
        Insert: {
          active_ms?: number
          active_since?: string | null
          archived?: boolean
          archived_at?: string | null
          archived_before?: boolean | null
          attempt?: number
          attempt_active?: boolean
          backend?: string | null
          config?: NonNullable<Json>
          created_at?: string
          current_epoch?: number | null
          current_step?: number | null
          dataset_id?: string | null
          dataset_path?: string | null
          error?: string | null
          finished_at?: string | null
          generation: string
          heartbeat_at?: string | null
          id: string
          key?: never
          kind?: string
          last_seq?: number
          line_count?: number
          live_params?: NonNullable<Json>
          managed: boolean
          model_name?: string | null
          name: string
          notes?: string
          notified_at?: string | null
          params?: NonNullable<Json>
          parent_job_id?: string | null
          phase?: string | null
          progress?: number | null
          pruned_seq?: number | null
          remove_at?: string | null
          sample_count?: number
          series_count?: number
          started_at?: string | null
          status: string
          step_attempt?: number | null
          tags?: string[]
          total_epochs?: number | null
          total_steps?: number | null
          updated_at?: string
          user_id?: string | null
        }
        Update: {
          active_ms?: number
          active_since?: string | null
          archived?: boolean
          archived_at?: string | null
          archived_before?: boolean | null
          attempt?: number
          attempt_active?: boolean
          backend?: string | null
          config?: NonNullable<Json>
          created_at?: string
          current_epoch?: number | null
          current_step?: number | null
          dataset_id?: string | null
          dataset_path?: string | null
          error?: string | null
          finished_at?: string | null
          generation?: string
          heartbeat_at?: string | null
          id?: string
          key?: never
          kind?: string
          last_seq?: number
          line_count?: number
          live_params?: NonNullable<Json>
          managed?: boolean
          model_name?: string | null
          name?: string
          notes?: string
          notified_at?: string | null
          params?: NonNullable<Json>
          parent_job_id?: string | null
          phase?: string | null
          progress?: number | null
          pruned_seq?: number | null
          remove_at?: string | null
          sample_count?: number
          series_count?: number
          started_at?: string | null
          status?: string
          step_attempt?: number | null
          tags?: string[]
          total_epochs?: number | null
          total_steps?: number | null
          updated_at?: string
          user_id?: string | null
        }
        Relationships: []
      }
      log_lines: {
        Row: {
          job_key: number
          line: number
          stream: string
          text: string
          ts: string
        }
        Insert: {
          job_key: number
          line: number
          stream: string
          text: string
          ts: string
        }
        Update: {
          job_key?: number
          line?: number
          stream?: string
          text?: string
          ts?: string
        }
        Relationships: [
          {
            foreignKeyName: "log_lines_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      metric_points: {
        Row: {
          epoch: number | null
          ord: number
          phase: string | null
          seq: number
          series_id: number
          step: number
          ts: string
          value: number
        }
        Insert: {
          epoch?: number | null
          ord: number
          phase?: string | null
          seq: number
          series_id: number
          step: number
          ts: string
          value: number
        }
        Update: {
          epoch?: number | null
          ord?: number
          phase?: string | null
          seq?: number
          series_id?: number
          step?: number
          ts?: string
          value?: number
        }
        Relationships: []
      }
      metric_rollups: {
        Row: {
          bucket: number
          count: number
          first: number
          last: number
          level: number
          max: number | null
          min: number | null
          nan_count: number
          series_id: number
          step_first: number
          step_last: number
          sum: number
          summed_count: number
        }
        Insert: {
          bucket: number
          count: number
          first: number
          last: number
          level: number
          max?: number | null
          min?: number | null
          nan_count: number
          series_id: number
          step_first: number
          step_last: number
          sum: number
          summed_count: number
        }
        Update: {
          bucket?: number
          count?: number
          first?: number
          last?: number
          level?: number
          max?: number | null
          min?: number | null
          nan_count?: number
          series_id?: number
          step_first?: number
          step_last?: number
          sum?: number
          summed_count?: number
        }
        Relationships: []
      }
      metric_series: {
        Row: {
          count: number
          downsampled_count: number | null
          downsampled_to: number | null
          id: number
          job_key: number
          last_value: number
          max_value: number | null
          min_value: number | null
          name: string
          removed_count: number
          step_first: number
          step_last: number
          unit: string | null
        }
        Insert: {
          count?: number
          downsampled_count?: number | null
          downsampled_to?: number | null
          id?: never
          job_key: number
          last_value: number
          max_value?: number | null
          min_value?: number | null
          name: string
          removed_count?: number
          step_first: number
          step_last: number
          unit?: string | null
        }
        Update: {
          count?: number
          downsampled_count?: number | null
          downsampled_to?: number | null
          id?: never
          job_key?: number
          last_value?: number
          max_value?: number | null
          min_value?: number | null
          name?: string
          removed_count?: number
          step_first?: number
          step_last?: number
          unit?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "metric_series_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      prediction_epochs: {
        Row: {
          count: number
          epoch: number
          error_count: number
          error_max: number | null
          error_min: number | null
          error_sum: number
          exact_count: number
          exact_sum: number
          job_key: number
          latest_step: number
          overlap_count: number
          overlap_sum: number
          passed: number
          ratio_count: number
          ratio_sum: number
          scored: number
          validated: number
        }
        Insert: {
          count: number
          epoch: number
          error_count?: number
          error_max?: number | null
          error_min?: number | null
          error_sum: number
          exact_count?: number
          exact_sum: number
          job_key: number
          latest_step: number
          overlap_count?: number
          overlap_sum: number
          passed: number
          ratio_count?: number
          ratio_sum: number
          scored: number
          validated: number
        }
        Update: {
          count?: number
          epoch?: number
          error_count?: number
          error_max?: number | null
          error_min?: number | null
          error_sum?: number
          exact_count?: number
          exact_sum?: number
          job_key?: number
          latest_step?: number
          overlap_count?: number
          overlap_sum?: number
          passed?: number
          ratio_count?: number
          ratio_sum?: number
          scored?: number
          validated?: number
        }
        Relationships: [
          {
            foreignKeyName: "prediction_epochs_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      prediction_score_epochs: {
        Row: {
          category: number
          count: number
          epoch: number
          job_key: number
          max: number | null
          min: number | null
          score_id: number
          sum: number | null
        }
        Insert: {
          category: number
          count: number
          epoch: number
          job_key: number
          max?: number | null
          min?: number | null
          score_id: number
          sum?: number | null
        }
        Update: {
          category?: number
          count?: number
          epoch?: number
          job_key?: number
          max?: number | null
          min?: number | null
          score_id?: number
          sum?: number | null
        }
        Relationships: [
          {
            foreignKeyName: "prediction_score_epochs_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      prediction_score_tiles: {
        Row: {
          cells: string
          epoch: number
          job_key: number
          score_id: number
          tile: number
        }
        Insert: {
          cells: string
          epoch: number
          job_key: number
          score_id: number
          tile: number
        }
        Update: {
          cells?: string
          epoch?: number
          job_key?: number
          score_id?: number
          tile?: number
        }
        Relationships: [
          {
            foreignKeyName: "prediction_score_tiles_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      prediction_scores: {
        Row: {
          categories: string[]
          id: number
          job_key: number
          kind: string
          name: string
        }
        Insert: {
          categories?: string[]
          id: number
          job_key: number
          kind: string
          name: string
        }
        Update: {
          categories?: string[]
          id?: number
          job_key?: number
          kind?: string
          name?: string
        }
        Relationships: [
          {
            foreignKeyName: "prediction_scores_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      prediction_tiles: {
        Row: {
          cells: string
          epoch: number
          job_key: number
          tile: number
        }
        Insert: {
          cells: string
          epoch: number
          job_key: number
          tile: number
        }
        Update: {
          cells?: string
          epoch?: number
          job_key?: number
          tile?: number
        }
        Relationships: [
          {
            foreignKeyName: "prediction_tiles_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      predictions: {
        Row: {
          char_error_rate: number | null
          created_at: string
          details: Json | null
          epoch: number
          exact_match: number | null
          ground_truth: string | null
          job_key: number
          latency_ms: number | null
          length_ratio: number | null
          metadata: Json | null
          moved_from: number | null
          prediction: string
          sample_id: number
          sample_index: number
          scores: Json | null
          seq: number
          step: number
          tokens: number | null
          validation_passed: boolean | null
          word_overlap: number | null
        }
        Insert: {
          char_error_rate?: number | null
          created_at?: string
          details?: Json | null
          epoch: number
          exact_match?: number | null
          ground_truth?: string | null
          job_key: number
          latency_ms?: number | null
          length_ratio?: number | null
          metadata?: Json | null
          moved_from?: number | null
          prediction: string
          sample_id: number
          sample_index: number
          scores?: Json | null
          seq: number
          step: number
          tokens?: number | null
          validation_passed?: boolean | null
          word_overlap?: number | null
        }
        Update: {
          char_error_rate?: number | null
          created_at?: string
          details?: Json | null
          epoch?: number
          exact_match?: number | null
          ground_truth?: string | null
          job_key?: number
          latency_ms?: number | null
          length_ratio?: number | null
          metadata?: Json | null
          moved_from?: number | null
          prediction?: string
          sample_id?: number
          sample_index?: number
          scores?: Json | null
          seq?: number
          step?: number
          tokens?: number | null
          validation_passed?: boolean | null
          word_overlap?: number | null
        }
        Relationships: [
          {
            foreignKeyName: "predictions_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      retention_settings: {
        Row: {
          archived_days: number | null
          points_days: number | null
          updated_at: string
          user_id: string
        }
        Insert: {
          archived_days?: number | null
          points_days?: number | null
          updated_at?: string
          user_id: string
        }
        Update: {
          archived_days?: number | null
          points_days?: number | null
          updated_at?: string
          user_id?: string
        }
        Relationships: []
      }
      samples: {
        Row: {
          ground_truth: string | null
          id: number
          job_key: number
          key: string
          prompt: string
          sample_index: number
        }
        Insert: {
          ground_truth?: string | null
          id: number
          job_key: number
          key: string
          prompt: string
          sample_index: number
        }
        Update: {
          ground_truth?: string | null
          id?: number
          job_key?: number
          key?: string
          prompt?: string
          sample_index?: number
        }
        Relationships: [
          {
            foreignKeyName: "samples_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
      saved_views: {
        Row: {
          created_at: string
          id: string
          name: string
          page: string
          query: string
          user_id: string
        }
        Insert: {
          created_at?: string
          id?: string
          name: string
          page: string
          query: string
          user_id: string
        }
        Update: {
          created_at?: string
          id?: string
          name?: string
          page?: string
          query?: string
          user_id?: string
        }
        Relationships: []
      }
      sign_in_links: {
        Row: {
          created_at: string
          expires_at: string
          token_hash: string
          user_id: string
        }
        Insert: {
          created_at?: string
          expires_at: string
          token_hash: string
          user_id: string
        }
        Update: {
          created_at?: string
          expires_at?: string
          token_hash?: string
          user_id?: string
        }
        Relationships: []
      }
      start_requests: {
        Row: {
          body_hash: string
          created_at: string
          idempotency_key: string
          job_key: number
          user_id: string
        }
        Insert: {
          body_hash: string
          created_at?: string
          idempotency_key: string
          job_key: number
          user_id: string
        }
        Update: {
          body_hash?: string
          created_at?: string
          idempotency_key?: string
          job_key?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "start_requests_job_key_fkey"
            columns: ["job_key"]
            referencedRelation: "jobs"
            referencedColumns: ["key"]
          },
        ]
      }
    }
    Views: {
      [_ in never]: never
    }
    Functions: {
      ack_command: {
        Args: {
          p_ack: Json
          p_auth: Json
          p_command_id: string
          p_job_id: string
        }
        Returns: Json
      }
      apply_retention: { Args: { p_points: number }; Returns: Json }
      attach_job: {
        Args: {
          p_actor: string
          p_job: Json
          p_token_hash: string
          p_token_salt: string
          p_user_id: string
        }
        Returns: Json
      }
      authenticate_api_key: { Args: { p_key_hash: string }; Returns: Json }
      batch_stored: {
        Args: { p_auth: Json; p_batch_id: string; p_job_id: string }
        Returns: boolean
      }
      bulk_jobs: {
        Args: {
          p_action: string
          p_actor: string
          p_ids: string[]
          p_tag: string
          p_undo_seconds: number
          p_user_id: string
        }
        Returns: Json
      }
      changed_jobs: {
        Args: { p_since: string; p_user_id: string }
        Returns: Json
      }
      check_ingest: { Args: { p_auth: Json; p_job_id: string }; Returns: Json }
      create_api_key: {
        Args: {
          p_expires_at: string
          p_key_hash: string
          p_name: string
          p_prefix: string
          p_scopes: string[]
          p_user_id: string
        }
        Returns: Json
      }
      create_sign_in_link: {
        Args: { p_seconds: number; p_token_hash: string; p_user_id: string }
        Returns: Json
      }
      delete_job: {
        Args: { p_job_id: string; p_user_id: string }
        Returns: Json
      }
      delete_view: { Args: { p_id: string; p_user_id: string }; Returns: Json }
      drop_points: { Args: { p_points: number }; Returns: Json }
      due_removals: { Args: Record<PropertyKey, never>; Returns: Json }
      fail_start: {
        Args: { p_job_id: string; p_reason: string; p_user_id: string }
        Returns: Json
      }
      get_command: { Args: { p_id: string; p_job_key: number }; Returns: Json }
      get_job: { Args: { p_job_id: string; p_user_id: string }; Returns: Json }
      heartbeat: {
        Args: { p_auth: Json; p_heartbeat: Json; p_job_id: string }
        Returns: Json
      }
      ingest_events: {
        Args: {
          p_auth: Json
          p_batch_id: string
          p_body_hash: string
          p_events: Json
          p_job_id: string
        }
        Returns: Json
      }
      ingest_logs: {
        Args: {
          p_auth: Json
          p_batch_id: string
          p_body_hash: string
          p_job_id: string
          p_lines: Json
        }
        Returns: Json
      }
      ingest_metrics: {
        Args: {
          p_auth: Json
          p_batch_id: string
          p_body_hash: string
          p_count: number
          p_job_id: string
          p_max_epoch: number
          p_max_step: number
          p_series: Json
        }
        Returns: Json
      }
      ingest_predictions: {
        Args: {
          p_auth: Json
          p_batch_id: string
          p_body_hash: string
          p_job_id: string
          p_max_samples: number
          p_rows: Json
          p_scores: Json
        }
        Returns: Json
      }
      job_backend: {
        Args: { p_backend?: string; p_job_id: string; p_user_id: string }
        Returns: Json
      }
      job_token_owner: { Args: { p_token_hash: string }; Returns: string }
      job_transitions: {
        Args: Record<PropertyKey, never>
        Returns: {
          actor: string
          from_status: string
          to_status: string
        }[]
      }
      jobs_by_key: {
        Args: { p_keys: number[]; p_user_id: string }
        Returns: Json
      }
      list_api_keys: {
        Args: { p_limit: number; p_offset: number; p_user_id: string }
        Returns: Json
      }
      list_commands: {
        Args: {
          p_job_key: number
          p_limit: number
          p_max_bytes: number
          p_offset: number
        }
        Returns: Json
      }
      list_jobs: { Args: { p_query: Json; p_user_id: string }; Returns: Json }
      list_views: {
        Args: { p_limit: number; p_offset: number; p_user_id: string }
        Returns: Json
      }
      next_command: {
        Args: { p_auth: Json; p_job_id: string; p_redeliver_after: string }
        Returns: Json
      }
      read_activity: {
        Args: {
          p_after: number
          p_before: number
          p_job_key: number
          p_limit: number
          p_reports: boolean
          p_streams: string[]
        }
        Returns: Json
      }
      read_errors: {
        Args: { p_job_key: number; p_limit: number; p_offset: number }
        Returns: Json
      }
      read_latest_points: {
        Args: { p_job_key: number; p_limit: number; p_names: string[] }
        Returns: Json
      }
      read_logs: {
        Args: {
          p_job_key: number
          p_limit: number
          p_offset: number
          p_query: string
          p_tail: boolean
        }
        Returns: Json
      }
      read_metric_batches: {
        Args: {
          p_after: number
          p_job_key: number
          p_limit: number
          p_max_bytes: number
          p_names: string[]
        }
        Returns: Json
      }
      read_points_after_step: {
        Args: {
          p_after_step: number
          p_job_key: number
          p_limit: number
          p_names: string[]
        }
        Returns: Json
      }
      read_prediction_epochs: {
        Args: { p_after_epoch: number; p_job_key: number }
        Returns: Json
      }
      read_prediction_map: {
        Args: { p_after_epoch: number; p_job_key: number }
        Returns: Json
      }
      read_prediction_scores: { Args: { p_job_key: number }; Returns: Json }
      read_predictions: {
        Args: { p_job_key: number; p_query: Json }
        Returns: Json
      }
      read_retention: { Args: { p_user_id: string }; Returns: Json }
      read_sample_history: {
        Args: { p_after_epoch: number; p_job_key: number; p_sample_id: number }
        Returns: Json
      }
      read_samples: {
        Args: { p_ids: number[]; p_job_key: number }
        Returns: Json
      }
      read_score_map: {
        Args: { p_after_epoch: number; p_job_key: number; p_score: string }
        Returns: Json
      }
      read_series: {
        Args: {
          p_buckets: number
          p_from: number
          p_job_key: number
          p_names: string[]
          p_to: number
          p_x: string
        }
        Returns: Json
      }
      read_series_of_runs: {
        Args: {
          p_buckets: number
          p_from: number
          p_job_ids: string[]
          p_names: string[]
          p_to: number
          p_user_id: string
          p_x: string
        }
        Returns: Json
      }
      read_stream: {
        Args: {
          p_after: number
          p_job_key: number
          p_limit: number
          p_max_bytes: number
          p_predictions: boolean
        }
        Returns: Json
      }
      read_totals: { Args: { p_user_id: string }; Returns: Json }
      read_usage: { Args: { p_rows: number; p_user_id: string }; Returns: Json }
      reap_jobs: {
        Args: {
          p_expected?: string
          p_fail_after: string
          p_lost_after: string
        }
        Returns: Json
      }
      remove_rows: { Args: { p_rows: number }; Returns: Json }
      report_status: {
        Args: {
          p_auth: Json
          p_batch_id: string
          p_body_hash: string
          p_job_id: string
          p_report: Json
        }
        Returns: Json
      }
      request_command: {
        Args: {
          p_actor: string
          p_command: Json
          p_effects: Json
          p_job_id: string
          p_new_token_hash?: string
          p_user_id: string
        }
        Returns: Json
      }
      revoke_api_key: {
        Args: { p_id: string; p_user_id: string }
        Returns: Json
      }
      run_facets: { Args: { p_user_id: string }; Returns: Json }
      save_retention: {
        Args: {
          p_archived_days: number
          p_points_days: number
          p_user_id: string
        }
        Returns: Json
      }
      save_view: {
        Args: {
          p_name: string
          p_page: string
          p_query: string
          p_user_id: string
        }
        Returns: Json
      }
      start_job: {
        Args: {
          p_actor: string
          p_body_hash?: string
          p_idempotency_key?: string
          p_job: Json
          p_token_hash: string
          p_user_id: string
        }
        Returns: Json
      }
      start_stored: {
        Args: { p_idempotency_key: string; p_user_id: string }
        Returns: boolean
      }
      unclaimed_jobs: { Args: { p_older_than: string }; Returns: Json }
      update_job: {
        Args: {
          p_actor: string
          p_job_id: string
          p_patch: Json
          p_user_id: string
        }
        Returns: Json
      }
      use_sign_in_link: { Args: { p_token_hash: string }; Returns: Json }
      user_email: { Args: { p_user_id: string }; Returns: string }
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] &
        DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] &
        DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I
      }
      ? I
      : never
    : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U
      }
      ? U
      : never
    : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never

export const Constants = {
  public: {
    Enums: {},
  },
} as const
